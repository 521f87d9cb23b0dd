export {
  findInstallationValue,
  insertInstallationValue,
  lockInstallation,
} from './installation-repository.ts'
export type { SecretsBox } from './secrets-box.ts'
export { openSecretsBox } from './secrets-key.ts'
