// Loaded into the child of `parley with` by NODE_OPTIONS, under whatever Node that child runs: old syntax only.
// Connections to the vendor's hosts lead to Parley; every other one, the registry's included, is left alone.
'use strict'
const { writeSync } = require('node:fs')
const { errorMonitor } = require('node:events')
const net = require('node:net')

const VENDOR = /(^|\.)(liveperson\.net|lprnd\.net|lpcloud\.io)$/i
const target = JSON.parse(process.env.PARLEY_WITH)
const ports = { 80: target.port, 443: target.tlsPort }
const connect = net.Socket.prototype.connect
let hasTold = false

// What clients make of it says nothing of the server: that the log-in was wrong, or a stack.
function tellWhatToDo(port, { code, syscall, errors }) {
  // Several addresses of one host were tried where there are `errors`.
  if (hasTold || (syscall !== 'connect' && !errors)) return
  hasTold = true
  writeSync(
    2,
    `parley with: no Parley answers at ${target.host}, port ${port} (${code}). Start it, or say where it is with --host, --port and --tls-port\n`,
  )
}

function redirected(socket, options) {
  const host = options.host || options.hostname
  const port = ports[options.port]
  if (!port || !VENDOR.test(String(host))) return options
  socket.once(errorMonitor, (error) => tellWhatToDo(port, error))
  return Object.assign({}, options, { host: target.host, port })
}

net.Socket.prototype.connect = function connectElsewhere(...args) {
  const [first] = args
  if (Array.isArray(first)) {
    // net.connect hands over its arguments already sorted, as a list that carries a mark of its own.
    first[0] = redirected(this, first[0])
  } else if (typeof first === 'object' && first !== null) {
    args[0] = redirected(this, first)
  } else if (typeof args[1] === 'string') {
    const { port, host } = redirected(this, { port: Number(first), host: args[1] })
    args.splice(0, 2, port, host)
  }
  return connect.apply(this, args)
}
