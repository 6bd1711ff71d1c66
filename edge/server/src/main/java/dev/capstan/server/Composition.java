package dev.capstan.server;

import dev.capstan.server.http.ApiServlet;
import dev.capstan.server.http.LeanHttp;
import dev.capstan.server.http.LocalGuard;
import dev.capstan.server.http.RefusalValve;
import dev.capstan.server.settings.Settings;
import dev.capstan.server.store.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.apache.tomcat.websocket.server.WsSci;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the web server is made of. Everything else is put together in {@link Household}. */
@Configuration(proxyBeanMethods = false)
class Composition {
  @Bean(destroyMethod = "close")
  Household household(Settings settings, Time time) {
    return Household.open(settings, time);
  }

  @Bean
  Presence presence(Settings settings, Time time, Household household) {
    return new Presence(settings, time.clock(), household);
  }

  @Bean
  TomcatServletWebServerFactory webServer(Settings settings) {
    TomcatServletWebServerFactory factory =
        new TomcatServletWebServerFactory(settings.door().port());
    Path folder = emptyFolder(settings.home());
    factory.setBaseDirectory(folder.toFile());
    factory.getSettings().setDocumentRoot(folder.toFile());
    factory.setProtocol(LeanHttp.class.getName());
    factory.setAddress(settings.door().bind());
    factory.setShutdown(Shutdown.GRACEFUL);
    factory.setDisableMBeanRegistry(true);
    factory.addConnectorCustomizers(Composition::bound);
    factory.addContextCustomizers(context -> {
      context.addServletContainerInitializer(new WsSci(), null);
      // Nobody signs in with Tomcat; without a word of it each request passes a valve that looks.
      context.setLoginConfig(new LoginConfig("NONE", null, null, null));
      if (context.getParent() instanceof StandardHost host) {
        host.setErrorReportValveClass(RefusalValve.class.getName());
      }
    });
    return factory;
  }

  /** Tomcat wants one though we serve no file; those it makes itself stay when we are killed. */
  private static Path emptyFolder(Path home) {
    Path folder = home.resolve("web");
    try {
      return Files.createDirectories(folder);
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot make " + folder + ": " + broken.getMessage(), broken);
    }
  }

  private static void bound(Connector connector) {
    connector.setXpoweredBy(false);
    connector.setProperty("socket.appReadBufSize", "2048");
    connector.setProperty("socket.appWriteBufSize", "2048");
  }

  @Bean
  ServletRegistrationBean<ApiServlet> api(Household household) {
    ServletRegistrationBean<ApiServlet> servlet =
        new ServletRegistrationBean<>(new ApiServlet(household.routes()), "/");
    servlet.setLoadOnStartup(1);
    return servlet;
  }

  @Bean
  FilterRegistrationBean<LocalGuard> guard() {
    FilterRegistrationBean<LocalGuard> filter = new FilterRegistrationBean<>(new LocalGuard());
    filter.addUrlPatterns("/*");
    return filter;
  }
}
