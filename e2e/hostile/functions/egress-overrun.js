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
  // In one piece: what is sent later may come when the search for the host is over.
  const data = Array.from({ length: 2000 }, () => frame(3, Buffer.alloc(1)))
  socket.write(Buffer.concat([frame(1, Buffer.from('waits.silent.test:80\n')), ...data]))
  await new Promise(() => undefined)
}
