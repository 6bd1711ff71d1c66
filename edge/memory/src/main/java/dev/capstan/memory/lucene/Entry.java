package dev.capstan.memory.lucene;

import dev.capstan.agents.memory.MemoryGroup;
import dev.capstan.agents.memory.Remembered;
import dev.capstan.kernel.Json;
import java.util.Objects;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoubleDocValuesField;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;

/** A memory as an entry of the index. */
final class Entry {
  static final String PLACE = "place";
  static final String ID = "id";
  static final String TEXT = "text";
  static final String MEANING = "meaning";
  static final String IMPORTANCE = "importance";
  static final String AT = "at";
  static final String KEPT = "kept";

  private Entry() {}

  static Term placeOf(MemoryGroup group) {
    return new Term(PLACE, group.place());
  }

  /** Ids are made from the group's place, so they are unique in the whole index. */
  static Term idOf(String id) {
    return new Term(ID, id);
  }

  static Document of(MemoryGroup group, Remembered memory, float[] meaning) {
    Document entry = new Document();
    entry.add(new StringField(PLACE, group.place(), Field.Store.NO));
    entry.add(new StringField(ID, memory.id(), Field.Store.NO));
    entry.add(new SortedDocValuesField(ID, new BytesRef(memory.id())));
    entry.add(new TextField(TEXT, memory.text(), Field.Store.NO));
    entry.add(new KnnFloatVectorField(MEANING, meaning, VectorSimilarityFunction.DOT_PRODUCT));
    entry.add(new DoubleDocValuesField(IMPORTANCE, memory.importance()));
    entry.add(new NumericDocValuesField(AT, memory.at().toEpochMilli()));
    entry.add(new StoredField(KEPT, Json.write(memory)));
    return entry;
  }

  static Remembered read(Document entry) {
    return Json.parse(Objects.requireNonNull(entry.get(KEPT)), Remembered.class);
  }
}
