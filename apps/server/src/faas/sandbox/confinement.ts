/** How the operating system confines an instance, in addition to the permissions of the runtime. */
export interface Confinement {
  /** Another user than the server's; only root can choose one. */
  uid: number | undefined
  /** Own user, network, process, IPC and host-name namespaces. */
  namespaces: boolean
  /** Cannot gain privileges, and the system kills it when the server dies. When false, a reaper kills it. */
  parentBound: boolean
  /** Resource limits by the shell's `ulimit`. */
  limited: boolean
}

/**
 * Of all instances. They share the processors with the server and with each other: V8 compiles and collects in the thread that runs the
 * function. And where many functions are called in turn, each call finds the caches full of others' memory, of which code that is
 * interpreted needs most: what a call runs is compiled after tens of calls, not after hundreds (`bench/PROFILES.md`).
 */
export const V8_FLAGS = `--v8-flags=${[
  '--max-old-space-size=160',
  '--max-semi-space-size=8',
  '--single-threaded',
  '--invocation-count-for-maglev=25',
  '--minimum-invocations-after-ic-update=10',
].join(',')}`

/**
 * The server has 0: it gives out all calls, and hands on all answers, before more functions run (`bench/PROFILES.md`, *Who runs first*).
 * Functions that compute have 40 % of this weight: the closer it comes to theirs, the longer the others wait for them.
 */
export const INSTANCE_NICE = 15

/** An id that no system account, ordinary user or database has on common distributions. */
const SANDBOX_UID = 64_481

/** The confinements to try: the strictest first, the last one always works. */
export function confinements(platform: NodeJS.Platform, isRoot: boolean): Confinement[] {
  const plain = { uid: undefined, namespaces: false, parentBound: false, limited: true }
  if (platform !== 'linux') return [{ ...plain, limited: platform !== 'win32' }]
  const uid = isRoot ? SANDBOX_UID : undefined
  const bound = { uid, parentBound: true, limited: true }
  return [{ ...bound, namespaces: true }, { ...bound, namespaces: false }, plain]
}

export function describe(confinement: Confinement): string {
  const parts = [
    confinement.namespaces ? 'own namespaces' : 'no namespaces',
    confinement.uid === undefined ? "the server's user" : `user ${confinement.uid}`,
  ]
  if (!confinement.parentBound) parts.push('not bound to the life of the server')
  return parts.join(', ')
}

export interface LaunchPlan {
  binary: string
  bundle: string
  cacheDir: string
  /** RLIMIT_DATA in KiB. */
  dataLimitKb: number
  /** Added to those of the runtime. */
  moreArgs?: readonly string[]
}

/** The command line of one instance. */
export function launchLine(
  confinement: Confinement,
  plan: LaunchPlan,
): { command: string; args: string[]; env: Record<string, string> } {
  const line = [plan.binary, ...runtimeArgs(plan)]
  if (confinement.limited) line.unshift('/bin/sh', '-c', shellScript(plan))
  if (confinement.namespaces) {
    const kinds = ['--user', '--net', '--pid', '--ipc', '--uts']
    line.unshift('unshare', ...kinds, '--fork', '--kill-child')
  }
  if (confinement.parentBound) line.unshift('setpriv', ...privileges(confinement.uid))
  const [command = plan.binary, ...args] = line
  const env = { DENO_DIR: plan.cacheDir, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' }
  return { command, args, env: { ...env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } }
}

function privileges(uid: number | undefined): string[] {
  const always = ['--no-new-privs', '--pdeathsig', 'KILL']
  if (uid === undefined) return always
  const drop = ['--bounding-set=-all', '--inh-caps=-all']
  return [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', ...drop, ...always]
}

function shellScript({ dataLimitKb }: LaunchPlan): string {
  const limits = [`-d ${dataLimitKb}`, '-c 0', '-f 0', '-n 128']
  return `${limits.map((limit) => `ulimit ${limit}; `).join('')}unset PATH PWD; exec /usr/bin/nice -n ${INSTANCE_NICE} "$0" "$@"`
}

/** No permission at all: the pipe to the egress proxy needs none. */
function runtimeArgs({ bundle, moreArgs = [] }: LaunchPlan): string[] {
  return [
    'run',
    '--no-prompt',
    '--no-config',
    '--no-lock',
    '--no-remote',
    '--no-npm',
    '--cached-only',
    '--ignore-env',
    '--deny-import',
    '--quiet',
    V8_FLAGS,
    ...moreArgs,
    bundle,
  ]
}
