// Loaded into the child of `parley with` by NODE_OPTIONS, under whatever Node that child runs: old syntax only.
// Connections to the vendor's hosts lead to Parley; every other one, the registry's included, is left alone.
'use strict'
const net = require('node:net')

const VENDOR = /(^|\.)(liveperson\.net|lprnd\.net|lpcloud\.io)$/i
const target = JSON.parse(process.env.PARLEY_WITH)
const ports = { 80: target.port, 443: target.tlsPort }
const connect = net.Socket.prototype.connect

function redirected(options) {
  const host = options.host || options.hostname
  const port = ports[options.port]
  if (!port || !VENDOR.test(String(host))) return options
  return Object.assign({}, options, { host: target.host, port })
}

net.Socket.prototype.connect = function connectElsewhere(...args) {
  const [first] = args
  if (Array.isArray(first)) {
    // net.connect hands over its arguments already sorted, as a list that carries a mark of its own.
    first[0] = redirected(first[0])
  } else if (typeof first === 'object' && first !== null) {
    args[0] = redirected(first)
  } else if (typeof args[1] === 'string') {
    const { port, host } = redirected({ port: Number(first), host: args[1] })
    args.splice(0, 2, port, host)
  }
  return connect.apply(this, args)
}
