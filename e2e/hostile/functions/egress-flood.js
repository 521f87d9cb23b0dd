// tries: to flood the egress proxy with connections whose answers it never reads
// must: contained
async function lambda() {
  const { Socket } = process.getBuiltinModule('net')
  const socket = new Socket({ fd: 3, readable: false, writable: true })
  const target = Buffer.from('site.test:1\n')
  const flood = Buffer.alloc(5000 * (9 + target.length))
  const chunk = (first) => {
    for (let i = 0, at = 0; i < 5000; i += 1) {
      at = flood.writeUInt8(1, at)
      at = flood.writeUInt32LE(first + i, at)
      at = flood.writeUInt32LE(target.length, at)
      at += target.copy(flood, at)
    }
    return flood
  }
  const over = Date.now() + 1500
  let first = 1
  while (Date.now() < over) {
    const left = await Promise.race([
      new Promise((done) => socket.write(chunk(first), () => done(true))),
      new Promise((done) => setTimeout(() => done(false), 500)),
    ])
    if (!left) break
    first += 5000
  }
  return { escaped: [] }
}
