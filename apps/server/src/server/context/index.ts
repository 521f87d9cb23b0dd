export { type Context, openContext } from './context.ts'
export type { Overrides } from './open-base.ts'
export { welcome } from './welcome.ts'
