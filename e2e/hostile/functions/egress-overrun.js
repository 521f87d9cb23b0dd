// tries: to send more than the proxy may keep for a host that does not take it
// must: dies alone
async function lambda() {
  const { Socket } = process.getBuiltinModule('net')
  const socket = new Socket({ fd: 3, readable: true, writable: true })
  const frame = (kind, body) => {
    const head = Buffer.alloc(9)
    head[0] = kind
    head.writeUInt32LE(1, 1)
    head.writeUInt32LE(body.length, 5)
    return Buffer.concat([head, body])
  }
  socket.write(frame(1, Buffer.from('waits.silent.test:80\n')))
  for (let i = 0; i < 2000; i += 1) socket.write(frame(3, Buffer.alloc(1)))
  await new Promise(() => undefined)
}
