using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "echo", worker = .echo)],
  # The bench says where by --socket-addr.
  sockets = [(name = "http", http = (), service = "echo")],
);

const echo :Workerd.Worker = (
  modules = [(name = "echo.js", esModule = embed "echo.js")],
  compatibilityDate = "2026-11-01",
);
