// tries: to use every descriptor of its process as a socket
// must: refused or dies alone
async function lambda() {
  const { Socket } = process.getBuiltinModule('net')
  const heard = []
  for (let fd = 0; fd < 128; fd += 1) {
    if (fd === 1 || fd === 3) continue
    try {
      const socket = new Socket({ fd, readable: true, writable: true })
      socket.on('error', () => undefined).on('data', (bytes) => heard.push(String(bytes).slice(0, 20)))
      socket.write('GET / HTTP/1.1\r\n\r\n')
    } catch {}
  }
  await new Promise((done) => setTimeout(done, 300))
  return { escaped: heard }
}
