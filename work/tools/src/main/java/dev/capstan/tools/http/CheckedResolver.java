package dev.capstan.tools.http;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves a name once for each connection and hands on only addresses that it has checked, so that
 * a name cannot be one address when it is checked and another when it is connected to.
 */
final class CheckedResolver implements DnsResolver {
  /** Where names become addresses; the machine's own in production. */
  interface Lookup {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  private final HttpRules rules;
  private final Lookup lookup;

  CheckedResolver(HttpRules rules, Lookup lookup) {
    this.rules = rules;
    this.lookup = lookup;
  }

  @Override
  public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
    InetAddress[] found = lookup.addresses(host);
    if (!rules.inside().permits(host, port)) {
      for (InetAddress address : found) {
        refuseUnlessPublic(host, port, address);
      }
    }
    return Arrays.stream(found).map(address -> new InetSocketAddress(address, port)).toList();
  }

  private static void refuseUnlessPublic(String host, int port, InetAddress address) {
    if (!Addresses.isPublic(address)) {
      throw Problem.of(
              ProblemCode.FORBIDDEN,
              host
                  + " leads to an address that is not public; the operator can allow it with "
                  + HttpRules.ALLOW_PRIVATE
                  + "="
                  + host
                  + ":"
                  + port)
          .refusal();
    }
  }

  /** Without a port nothing is known of what is allowed: every address must be public. */
  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] found = lookup.addresses(host);
    for (InetAddress address : found) {
      refuseUnlessPublic(host, 0, address);
    }
    return found;
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }
}
