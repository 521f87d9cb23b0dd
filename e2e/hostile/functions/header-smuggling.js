// tries: to hide a second target in a host name
// must: refused
const attempts = [
  async () => new Promise((ok, no) => require('http').get({ host: 'a.example:80 HTTP/1.1\r\nx: y\r\n\r\nCONNECT b', port: 80 }, (r) => ok(r.statusCode)).on('error', no)),
  async () => new Promise((ok, no) => require('http').get({ host: 'x', port: 80, socketPath: '/var/run/docker.sock' }, (r) => ok(r.statusCode)).on('error', no)),
  async () => new Promise((ok, no) => require('http').get({ host: 'exfiltration.example', lookup: (h, o, cb) => cb(null, '127.0.0.1', 4), port: 80 }, (r) => ok(r.statusCode)).on('error', no)),
]
async function lambda() {
  const escaped = []
  for (const attempt of attempts) {
    try {
      const got = await attempt()
      if (got !== undefined) escaped.push(String(got).slice(0, 100))
    } catch {}
  }
  return { escaped }
}
