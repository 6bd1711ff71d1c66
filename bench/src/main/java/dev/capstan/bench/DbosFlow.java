package dev.capstan.bench;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.workflow.Workflow;
import dev.dbos.transact.workflow.WorkflowHandle;
import org.jspecify.annotations.Nullable;

/** The four steps as DBOS Transact has them: parallel work is child workflows. */
interface DbosFlow {
  int four();

  int branch(int n);

  /** The workflows, which call each other through the proxy that DBOS makes of them. */
  final class Steps implements DbosFlow {
    private final DBOS dbos;
    private @Nullable DbosFlow proxy;

    Steps(DBOS dbos) {
      this.dbos = dbos;
    }

    DbosFlow register() {
      DbosFlow made = dbos.registerProxy(DbosFlow.class, this);
      proxy = made;
      return made;
    }

    @Override
    @Workflow(name = "branch")
    public int branch(int n) {
      return dbos.runStep(() -> n, "echo");
    }

    private WorkflowHandle<Integer, RuntimeException> start(int n) {
      DbosFlow known = proxy;
      if (known == null) {
        throw new IllegalStateException("not registered");
      }
      return dbos.startWorkflow(() -> known.branch(n));
    }

    @Override
    @Workflow(name = "four")
    public int four() {
      var a = start(1);
      var b = start(2);
      var c = start(3);
      int sum = a.getResult() + b.getResult() + c.getResult();
      return dbos.runStep(() -> sum, "join");
    }
  }
}
