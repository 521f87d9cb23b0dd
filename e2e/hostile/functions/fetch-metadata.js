// tries: to call the metadata service of a cloud
// must: refused
const attempts = [
  async () => fetch('http://169.254.169.254/latest/meta-data/').then((r) => r.status),
  async () => fetch('http://metadata.google.internal/').then((r) => r.status),
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
