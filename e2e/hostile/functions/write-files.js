// tries: to write files
// must: refused
const attempts = [
  async () => ((await import('node:fs')).writeFileSync('/tmp/hostile', 'x'), 'written'),
  async () => (Deno.writeTextFileSync('/tmp/hostile', 'x'), 'written'),
  async () => (Deno.makeTempFileSync(), 'made'),
  async () => ((await import('node:fs')).mkdirSync('/tmp/hostile-dir'), 'made'),
  async () => ((await import('node:fs')).symlinkSync('/etc/passwd', '/tmp/hostile-link'), 'linked'),
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
