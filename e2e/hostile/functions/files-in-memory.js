// tries: to leave the files in memory for those of the machine
// must: refused
const fs = require('fs')
const promises = require('fs/promises')
const SECRETS = ['/etc/passwd', '/proc/self/environ', '/proc/self/maps', '/root/.bashrc']
const attempts = [
  ...SECRETS.map((path) => async () => fs.readFileSync(path, 'utf8')),
  ...SECRETS.map((path) => async () => promises.readFile(path, 'utf8')),
  async () => fs.readFileSync('/tmp/../etc/passwd', 'utf8'),
  async () => fs.readFileSync('../../../../etc/passwd', 'utf8'),
  async () => fs.readFileSync(new URL('file:///etc/passwd'), 'utf8'),
  async () => {
    fs.symlinkSync('../etc', '/tmp/link')
    return fs.readFileSync('/tmp/link/passwd', 'utf8')
  },
  async () => fs.readFileSync(fs.openSync('/etc/passwd', 'r'), 'utf8'),
  // The three standard streams of the process are not its files.
  ...[0, 1, 2, 3, 4, 5].map((fd) => async () => fs.readFileSync(fd, 'utf8')),
  async () => fs.globSync('/etc/*')[0],
  async () => fs.globSync('**/passwd', { cwd: '/' })[0],
  async () => (fs.writeFileSync('/data', 'x'), 'written'),
  async () => fs.readdirSync('/').find((name) => name !== 'tmp'),
  async () => fs.constructor.constructor('return Deno.readTextFileSync("/etc/passwd")')(),
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
