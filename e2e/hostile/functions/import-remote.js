// tries: to load code from elsewhere
// must: refused
const attempts = [
  async () => await import('https://example.com/x.js'),
  async () => await import('npm:left-pad'),
  async () => await import('jsr:@std/fs'),
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
