// tries: to read the memory and environment of processes in /proc
// must: refused
const attempts = [
  async () => (await import('node:fs')).readFileSync('/proc/self/environ', 'utf8'),
  async () => (await import('node:fs')).readFileSync('/proc/1/environ', 'utf8'),
  async () => (await import('node:fs')).openSync('/proc/self/mem', 'r'),
  async () => (await import('node:fs')).readFileSync(`/proc/${process.ppid}/cmdline`, 'utf8'),
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
