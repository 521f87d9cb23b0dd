// tries: to signal the server and other processes
// must: refused
const attempts = [
  async () => process.kill(process.ppid, 'SIGTERM') && 'sent',
  async () => (Deno.kill(process.ppid, 'SIGKILL'), 'sent'),
  async () => process.kill(process.ppid, 'SIGSTOP') && 'sent',
  async () => process.kill(-1, 'SIGKILL') && 'sent',
]
async function lambda() {
  const escaped = []
  for (const attempt of attempts) {
    try {
      const got = await attempt()
      if (got !== undefined) escaped.push(String(got).slice(0, 100))
    } catch {}
  }
  return { escaped }
}
