export { type Context, openContext, type Overrides } from './context.ts'
export { welcome } from './welcome.ts'
