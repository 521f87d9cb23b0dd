// tries: to confuse the egress proxy with bytes of its own
// must: dies alone
async function lambda() {
  const { Socket } = process.getBuiltinModule('net')
  const socket = new Socket({ fd: 3, readable: true, writable: true })
  for (let i = 0; i < 100; i += 1) socket.write(crypto.getRandomValues(new Uint8Array(65536)))
  await new Promise(() => undefined)
}
