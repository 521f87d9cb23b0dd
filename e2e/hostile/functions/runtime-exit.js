// tries: to end the process by the runtime
// must: dies alone
function lambda() {
  Deno.exit(3)
}
