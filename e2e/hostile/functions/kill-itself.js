// tries: to kill its own process
// must: refused or dies alone
async function lambda() {
  try { process.abort() } catch {}
  try { process.kill(process.pid, 'SIGKILL') } catch {}
  return { escaped: [] }
}
