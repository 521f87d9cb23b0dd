// tries: to talk to the egress proxy by itself
// must: refused or dies alone
async function lambda() {
  const { Socket } = process.getBuiltinModule('net')
  const socket = new Socket({ fd: 3, readable: true, writable: true })
  let heard = ''
  socket.on('data', (bytes) => { heard += bytes })
  const say = async (text) => {
    heard = ''
    socket.write(text)
    await new Promise((done) => setTimeout(done, 300))
    return heard
  }
  const open = (number, target) => {
    const frame = Buffer.alloc(9 + target.length)
    frame[0] = 1
    frame.writeUInt32LE(number, 1)
    frame.writeUInt32LE(target.length, 5)
    frame.write(target, 9)
    return frame
  }
  const answers = []
  for (const [at, target] of ['127.0.0.1:4800', '[::1]:5432', 'localhost:80', '169.254.169.254:80', '\0:80'].entries()) {
    answers.push(await say(open(at + 1, target)))
  }
  answers.push(await say('CONNECT 127.0.0.1:4800 HTTP/1.1\r\n\r\n'))
  // The proxy answers 7 when it has opened a connection.
  return { escaped: answers.filter((text) => text.startsWith('\u0007') || / 200 /.test(text)) }
}
