package dev.capstan.tools.todo;

class MemoryTodoStoreTest extends TodoStoreContract {
  @Override
  protected TodoStore emptyStore() {
    return new MemoryTodoStore();
  }
}
