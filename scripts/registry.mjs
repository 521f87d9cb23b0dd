// Plain JavaScript for Node 20: this runs before anything is installed.
import { execFile } from 'node:child_process'
import { connect, isIP } from 'node:net'
import process from 'node:process'
import { connect as connectSecure } from 'node:tls'

const PATIENCE_MS = 8_000
const DEFAULT_PORTS = { 'http:': 80, 'https:': 443 }

/** What npm takes from its settings, wherever they stand. Its own default when npm cannot be asked. */
function npmSetting(npm, cwd, name) {
  return new Promise((resolve) => {
    const [program, ...args] = npm
    execFile(
      program,
      [...args, 'config', 'get', name],
      { cwd, timeout: 30_000 },
      (error, stdout) => {
        const value = String(stdout).trim()
        resolve(error || value === 'null' || value === 'undefined' ? '' : value)
      },
    )
  })
}

/** What an install asks first: the proxy for a way to the registry where there is one, else the registry. */
async function firstHop(npm, cwd) {
  const [registry, configured] = await Promise.all([
    npmSetting(npm, cwd, 'registry'),
    npmSetting(npm, cwd, 'https-proxy'),
  ])
  const { env } = process
  const proxy = configured || env.https_proxy || env.HTTPS_PROXY || env.http_proxy || env.HTTP_PROXY
  if (!URL.canParse(registry)) return undefined
  const to = hostAndPort(new URL(registry))
  if (!URL.canParse(proxy))
    return { url: new URL(registry), question: `HEAD / HTTP/1.1\r\nHost: ${to}` }
  return { url: new URL(proxy), question: `CONNECT ${to} HTTP/1.1\r\nHost: ${to}` }
}

function hostAndPort({ hostname, port, protocol }) {
  return `${hostname}:${Number(port) || DEFAULT_PORTS[protocol] || 443}`
}

/**
 * Why packages cannot be fetched, within eight seconds of asking: `undefined` when the registry, or the proxy before it, answers.
 * @param {string[]} npm program and arguments that start npm
 */
export async function registryProblem(npm, cwd) {
  const hop = await firstHop(npm, cwd)
  if (!hop) return undefined
  const reason = await ask(hop)
  return reason && `${hostAndPort(hop.url)} cannot be reached (${reason})`
}

/** Any answer will do: a connection alone says little where something on the way takes it and drops what is sent. */
function ask({ url, question }) {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port) || DEFAULT_PORTS[url.protocol] || 443
  return new Promise((resolve) => {
    const isSecure = url.protocol === 'https:'
    const socket = isSecure
      ? connectSecure({
          host,
          port,
          rejectUnauthorized: false,
          ...(!isIP(host) && { servername: host }),
        })
      : connect({ host, port })
    const end = (reason) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(reason)
    }
    const timer = setTimeout(() => end(`no answer within ${PATIENCE_MS / 1000} s`), PATIENCE_MS)
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      if (isSecure) end(undefined)
      else socket.write(`${question}\r\nConnection: close\r\n\r\n`)
    })
    socket.once('data', () => end(undefined))
    socket.once('error', (error) => end(error.code ?? error.message))
    socket.once('end', () => end('it hung up'))
  })
}
