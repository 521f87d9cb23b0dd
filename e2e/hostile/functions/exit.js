// tries: to end the process
// must: dies alone
function lambda() {
  process.exit(0)
}
