// tries: to reach the graphics card
// must: refused
const attempts = [
  async () => navigator.gpu && 'gpu',
  async () => new OffscreenCanvas(1, 1) && undefined,
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
