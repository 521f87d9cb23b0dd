// tries: to read the frames of other calls
// must: contained
async function lambda() {
  const escaped = []
  const read = async () => {
    const bytes = new Uint8Array(1000)
    const got = await Deno.stdin.read(bytes)
    if (got) escaped.push('read ' + got)
  }
  await Promise.race([read().catch(() => {}), new Promise((done) => setTimeout(done, 200))])
  return { escaped }
}
