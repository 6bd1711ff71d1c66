package dev.capstan.tools.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowListTest {
  @ParameterizedTest(name = "{0} permits {1}:{2} {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a.com | a.com | 443 | true",
        "A.com | a.com | 443 | true",
        "a.com | b.a.com | 443 | false",
        "a.com | xa.com | 443 | false",
        "*.a.com | b.a.com | 443 | true",
        "*.a.com | c.b.a.com | 443 | true",
        "*.a.com | a.com | 443 | false",
        "*.a.com | evila.com | 443 | false",
        "a.com:80 | a.com | 80 | true",
        "a.com:80 | a.com | 443 | false",
        "* | whatever | 1 | true",
        "x.org, a.com | a.com | 1 | true",
        "[::1]:80 | ::1 | 80 | true",
        "::1 | ::1 | 80 | true",
        "[::1]:80 | ::1 | 81 | false",
        "'' | a.com | 80 | false",
        "' , ' | a.com | 80 | false",
      })
  void permits_what_is_listed(String list, String host, int port, boolean permitted) {
    assertThat(AllowList.parse(list).permits(host, port)).isEqualTo(permitted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://a.com", "a.*", "*a.com", "a.com:x", "a.com:99999", "a b", ":80"})
  void what_is_no_host_is_refused(String list) {
    assertThatThrownBy(() -> AllowList.parse(list)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.1.1.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "fe80::1",
        "fc00::1",
        "fdff::1",
        "fec0::1",
        "ff02::1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "100::1"
      })
  void special_addresses_are_not_public(String address) {
    assertThat(Addresses.isPublic(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.169.0.0",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1",
        "2001:4860:4860::8888",
        "::ffff:8.8.8.8"
      })
  void other_addresses_are(String address) {
    assertThat(Addresses.isPublic(InetAddress.ofLiteral(address))).isTrue();
  }
}
