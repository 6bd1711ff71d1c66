package dev.capstan.postgres;

import dev.capstan.tools.todo.TodoStore;
import dev.capstan.tools.todo.TodoStoreContract;
import org.junit.jupiter.api.AfterEach;

class PgTodosIT extends TodoStoreContract {
  private Database database;

  @Override
  protected TodoStore emptyStore() {
    database = TestServer.freshDatabase();
    return new PgTodos(database);
  }

  @AfterEach
  void close_the_database() {
    database.close();
  }
}
