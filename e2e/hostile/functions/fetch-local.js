// tries: to call this machine by its many names
// must: refused
const attempts = [
  async () => fetch('http://127.0.0.1:4800/').then((r) => r.status),
  async () => fetch('http://localhost:4800/').then((r) => r.status),
  async () => fetch('http://[::1]:4800/').then((r) => r.status),
  async () => fetch('http://0.0.0.0:4800/').then((r) => r.status),
  async () => fetch('http://2130706433:4800/').then((r) => r.status),
  async () => fetch('http://127.1:4800/').then((r) => r.status),
  async () => fetch('http://[::ffff:127.0.0.1]:4800/').then((r) => r.status),
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
