package dev.capstan.tools.http;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * Sends one request and reads its whole answer, within the rules' bounds. It follows nothing,
 * repeats nothing, and keeps no cookies. Apache's client and not the JDK's, because this one asks
 * our resolver which address to connect to.
 */
final class Transport {
  private static final int MOST_CONNECTIONS = 200;

  private final HttpRules rules;
  private final CloseableHttpClient client;

  /**
   * {@code trusted} knows whose certificates are believed; a certificate must also name the host.
   */
  Transport(HttpRules rules, CheckedResolver.Lookup lookup, SSLContext trusted) {
    this.rules = rules;
    Timeout longest = Timeout.of(rules.longest());
    this.client =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setTlsSocketStrategy(new DefaultClientTlsStrategy(trusted))
                    .setDnsResolver(new CheckedResolver(rules, lookup))
                    .setMaxConnTotal(MOST_CONNECTIONS)
                    .setMaxConnPerRoute(MOST_CONNECTIONS)
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(longest)
                            .setSocketTimeout(longest)
                            .build())
                    .build())
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(longest)
                    .setResponseTimeout(longest)
                    .setProtocolUpgradeEnabled(false)
                    .build())
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableContentCompression()
            .disableCookieManagement()
            .disableAuthCaching()
            .build();
  }

  /** Throws a {@link Refusal} of {@code limit_reached} for an answer that is too large. */
  Answer send(Ask ask, TimeLimit limit) throws IOException {
    HttpUriRequestBase request = new HttpUriRequestBase(ask.method(), ask.url());
    ask.headers().forEach(request::setHeader);
    byte[] body = ask.body();
    if (body != null) {
      request.setEntity(new ByteArrayEntity(body, null));
    }
    limit.watch(request);
    HttpHost target =
        new HttpHost(
            ask.url().getScheme().toLowerCase(Locale.ROOT),
            Ask.host(ask.url()),
            Ask.port(ask.url()));
    ClassicHttpResponse response = open(target, request, limit);
    try {
      Answer answer = answer(response);
      response.close();
      return answer;
    } catch (IOException | Refusal broken) {
      hangUp(request, response, broken);
      throw broken;
    }
  }

  private ClassicHttpResponse open(HttpHost target, HttpUriRequestBase request, TimeLimit limit)
      throws IOException {
    try {
      return client.executeOpen(target, request, null);
    } catch (IllegalStateException gone) {
      // The client says so when it is cancelled between taking a connection and using it.
      if (limit.hasPassed()) {
        throw new IOException("hung up when the time was over", gone);
      }
      throw gone;
    }
  }

  /** Closing alone would read what is left of an endless answer; cancelling hangs up first. */
  private static void hangUp(
      HttpUriRequestBase request, ClassicHttpResponse response, Exception because) {
    request.cancel();
    try {
      response.close();
    } catch (IOException alreadyGone) {
      because.addSuppressed(alreadyGone);
    }
  }

  private Answer answer(ClassicHttpResponse response) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    for (Header header : response.getHeaders()) {
      headers.put(header.getName().toLowerCase(Locale.ROOT), header.getValue());
    }
    return new Answer(response.getCode(), headers, body(response.getEntity(), headers));
  }

  private byte[] body(HttpEntity entity, Map<String, String> headers) throws IOException {
    if (entity == null) {
      return new byte[0];
    }
    String encoding = headers.getOrDefault("content-encoding", "identity").toLowerCase(Locale.ROOT);
    return switch (encoding) {
      case "", "identity" -> bounded(entity.getContent());
      case "gzip", "x-gzip" -> bounded(new GZIPInputStream(entity.getContent()));
      default ->
          throw Problem.of(
                  ProblemCode.TOOL_FAILED,
                  "the answer is packed as '" + encoding + "', not asked for")
              .refusal();
    };
  }

  /** Counts what comes out of the unpacking, so that a small answer cannot become a huge one. */
  private byte[] bounded(InputStream in) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[8_192];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      if (out.size() + read > rules.mostBytes()) {
        throw Problem.of(
                ProblemCode.LIMIT_REACHED,
                "the answer is larger than " + rules.mostBytes() + " bytes")
            .refusal();
      }
      out.write(buffer, 0, read);
    }
    return out.toByteArray();
  }
}
