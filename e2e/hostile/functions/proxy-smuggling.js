// tries: to talk to the egress proxy by itself
// must: refused
async function lambda() {
  const net = process.getBuiltinModule('net')
  const address = Deno.args[0]
  const target = /^\d+$/.test(address) ? { port: Number(address), host: '127.0.0.1' } : { path: address }
  const say = (text) => new Promise((done) => {
    let heard = ''
    const socket = net.connect(target)
    socket.on('data', (d) => { heard += d })
    socket.on('close', () => done(heard)).on('error', () => done(heard))
    socket.write(text)
    setTimeout(() => done(heard), 300)
  })
  const answers = [
    await say('CONNECT 127.0.0.1:4800 HTTP/1.1\r\n\r\n'),
    await say('CONNECT 127.0.0.1:4800 HTTP/1.1\r\nproxy-authorization: Bearer x\r\n\r\n'),
    await say('GET http://127.0.0.1:4800/ HTTP/1.1\r\nhost: x\r\n\r\n'),
    await say('\u0000'.repeat(100000)),
  ]
  return { escaped: answers.filter((text) => / 200 /.test(text)) }
}
