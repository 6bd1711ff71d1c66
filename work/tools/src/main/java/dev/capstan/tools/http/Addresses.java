package dev.capstan.tools.http;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Which addresses belong to the public internet, by the IANA registries of special purposes. */
final class Addresses {
  /** IPv4: network as a number, and how many bits of it count. */
  private static final int[][] SPECIAL_4 = {
    {0x00000000, 8}, {0x0A000000, 8}, {0x64400000, 10}, {0x7F000000, 8}, {0xA9FE0000, 16},
    {0xAC100000, 12}, {0xC0000000, 24}, {0xC0000200, 24}, {0xC0586300, 24}, {0xC0A80000, 16},
    {0xC6120000, 15}, {0xC6336400, 24}, {0xCB007100, 24}, {0xE0000000, 4}, {0xF0000000, 4}
  };

  private Addresses() {}

  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet6Address ? isPublic6(bytes) : isPublic4(bytes);
  }

  private static boolean isPublic4(byte[] bytes) {
    int value = number(bytes, 0);
    for (int[] network : SPECIAL_4) {
      if (((value ^ network[0]) >>> (32 - network[1])) == 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Only global unicast, 2000::/3: not loopback, link-local, unique local, multicast, nor what
   * carries an IPv4 address inside (mapped, compatible, NAT64, and below 6to4 and Teredo).
   */
  private static boolean isPublic6(byte[] bytes) {
    int first = number(bytes, 0);
    boolean global = (first >>> 29) == 1;
    boolean teredoAndOrchid = (first >>> 9) == (0x20010000 >>> 9);
    boolean documentation = first == 0x20010DB8 || (first >>> 12) == (0x3FFF0000 >>> 12);
    boolean sixToFour = (first >>> 16) == 0x2002;
    return global && !teredoAndOrchid && !documentation && !sixToFour;
  }

  private static int number(byte[] bytes, int from) {
    return ((bytes[from] & 255) << 24)
        | ((bytes[from + 1] & 255) << 16)
        | ((bytes[from + 2] & 255) << 8)
        | (bytes[from + 3] & 255);
  }
}
