export { openTls, type Tls, type TlsConfig } from './open.ts'
