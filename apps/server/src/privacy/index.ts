export { type Eraser, openPrivacy, type PrivacyDeps } from './open.ts'
