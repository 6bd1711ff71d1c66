package dev.capstan.memory.minilm;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The model in this process's memory. */
final class Loaded implements AutoCloseable {
  private static final String MODEL = "/all-minilm-l6-v2-q.onnx";
  private static final String VOCABULARY = "/all-minilm-l6-v2-q-tokenizer.json";

  private final WordPieces pieces;
  private final long first;
  private final long last;
  private final OrtEnvironment environment;
  private final OrtSession session;

  static Loaded load() {
    try {
      WordPieces pieces = new WordPieces(vocabulary());
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "capstan");
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.setCPUArenaAllocator(false);
        options.setMemoryPatternOptimization(false);
        return new Loaded(pieces, environment, environment.createSession(file(MODEL), options));
      }
    } catch (IOException | OrtException | LinkageError broken) {
      throw Problem.of(
              ProblemCode.UNAVAILABLE,
              "the model that says what texts mean cannot be loaded on this machine: "
                  + broken.getMessage())
          .refusal();
    }
  }

  private Loaded(WordPieces pieces, OrtEnvironment environment, OrtSession session) {
    this.pieces = pieces;
    this.first = pieces.number("[CLS]");
    this.last = pieces.number("[SEP]");
    this.environment = environment;
    this.session = session;
  }

  private static byte[] file(String name) throws IOException {
    try (InputStream file = MiniLm.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IOException(name + " is missing from the program");
      }
      return file.readAllBytes();
    }
  }

  private static Map<String, Integer> vocabulary() throws IOException {
    JsonNode tokenizer = Json.parse(new String(file(VOCABULARY), StandardCharsets.UTF_8));
    Map<String, Integer> vocabulary = new HashMap<>();
    tokenizer
        .path("model")
        .path("vocab")
        .properties()
        .forEach(piece -> vocabulary.put(piece.getKey(), piece.getValue().asInt()));
    return vocabulary;
  }

  WordPieces pieces() {
    return pieces;
  }

  /** What each of the pieces means where it stands. */
  float[][] meanings(List<Integer> numbers) {
    long[] ids = new long[numbers.size() + 2];
    ids[0] = first;
    for (int i = 0; i < numbers.size(); i++) {
      ids[i + 1] = numbers.get(i);
    }
    ids[ids.length - 1] = last;
    long[] ones = new long[ids.length];
    Arrays.fill(ones, 1);
    long[] shape = {1, ids.length};
    try (OnnxTensor input = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
        OnnxTensor mask = OnnxTensor.createTensor(environment, LongBuffer.wrap(ones), shape);
        OnnxTensor types =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[ids.length]), shape);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", input, "attention_mask", mask, "token_type_ids", types))) {
      return ((float[][][]) result.get(0).getValue())[0];
    } catch (OrtException broken) {
      throw Problem.of(
              ProblemCode.UNAVAILABLE,
              "what a text means could not be reckoned: " + broken.getMessage())
          .refusal();
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException broken) {
      throw new IllegalStateException(broken);
    }
  }
}
