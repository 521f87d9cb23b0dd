import { ParleyError } from '#base/kernel'

/** @param path of the field in the body */
export function invalid(path: string, rule: string): ParleyError {
  return new ParleyError('invalid_request', `${path}: ${rule}`, {
    details: [{ path: `body.${path}`, message: rule }],
  })
}
