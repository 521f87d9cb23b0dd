export { type Context, openContext } from './context.ts'
export { type Overrides, START_STEPS } from './open-base.ts'
export { welcome } from './welcome.ts'
