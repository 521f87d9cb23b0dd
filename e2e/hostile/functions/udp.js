// tries: to send datagrams
// must: fails
function lambda(input, callback) {
  const socket = process.getBuiltinModule('dgram').createSocket('udp4')
  socket.send('x', 53, '127.0.0.1', (error) => callback(error, { escaped: ['sent'] }))
}
