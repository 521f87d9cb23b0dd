import type { HttpCallback, HttpOptions, Target } from './http-options.ts'

/** Target and options as they are given: `(target, options, callback)`, in which the last two may be missing. */
export type Given = [
  target: Target | HttpOptions,
  options?: HttpOptions | HttpCallback,
  callback?: HttpCallback,
]

/** The options of a call, whatever form it has. */
export function optionsOf([target, second, third]: Given): HttpOptions {
  const own = typeof second === 'function' ? {} : second
  const callback = typeof second === 'function' ? second : third
  const told = typeof callback === 'function' ? { callback } : {}
  return { ...(isTarget(target) ? { uri: target } : target), ...own, ...told }
}

function isTarget(target: Target | HttpOptions): target is Target {
  return typeof target === 'string' || target instanceof URL
}

/** Of these a call gives single members, and the others stay those of the defaults. */
const BY_MEMBERS = ['headers', 'qs', 'form', 'auth', 'oauth'] as const

export function merge(defaults: HttpOptions, own: HttpOptions): HttpOptions {
  const merged: Record<string, unknown> = { ...defaults, ...own }
  for (const name of BY_MEMBERS) {
    const [before, now] = [defaults[name], own[name]]
    if (isObject(before) && isObject(now)) merged[name] = { ...before, ...now }
  }
  return merged
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
