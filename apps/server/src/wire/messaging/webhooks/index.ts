export { openWebhooks } from './open.ts'
