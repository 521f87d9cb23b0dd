export const MAIL_DOMAIN = 'readers.test'

export interface PostfixPlan {
  dir: string
  port: number
  user: string
  password: string
  /** Those who have a mailbox; others of the domain are refused. */
  mailboxes: string[]
  /** Accepted first and undeliverable then: `[address, where it is forwarded to]`. */
  aliases: [string, string][]
}

/** A Postfix of its own beside the system's: loopback only, STARTTLS, AUTH required, mailboxes as folders of files. */
export function mainConfig({ dir, mailboxes, aliases }: PostfixPlan): string {
  const table = (entries: [string, string][]) =>
    `inline:{ ${entries.map(([from, to]) => `{ ${from} = ${to} }`).join(' ')} }`
  const settings: Record<string, string> = {
    compatibility_level: '3.6',
    queue_directory: `${dir}/spool`,
    data_directory: `${dir}/data`,
    maillog_file: `${dir}/log`,
    maillog_file_prefixes: dir,
    meta_directory: '/etc/postfix',
    daemon_directory: '/usr/lib/postfix/sbin',
    shlib_directory: '/usr/lib/postfix',
    command_directory: '/usr/sbin',
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    myhostname: 'mail.parley.test',
    mydestination: '',
    mynetworks: '',
    smtpd_banner: '$myhostname ESMTP',
    smtpd_tls_cert_file: `${dir}/certificate.pem`,
    smtpd_tls_key_file: `${dir}/key.pem`,
    smtpd_tls_security_level: 'may',
    smtpd_tls_auth_only: 'yes',
    smtpd_sasl_auth_enable: 'yes',
    smtpd_sasl_type: 'cyrus',
    smtpd_sasl_path: 'smtpd',
    smtpd_sasl_local_domain: 'parley.test',
    cyrus_sasl_config_path: `${dir}/sasl`,
    smtpd_relay_restrictions: 'permit_sasl_authenticated, reject',
    smtpd_recipient_restrictions: 'reject_unlisted_recipient, permit_sasl_authenticated, reject',
    message_size_limit: '52428800',
    virtual_mailbox_limit: '0',
    virtual_mailbox_domains: MAIL_DOMAIN,
    virtual_mailbox_base: `${dir}/mail`,
    virtual_mailbox_maps: table(mailboxes.map((name) => [`${name}@${MAIL_DOMAIN}`, `${name}/`])),
    virtual_alias_maps: table(aliases.map(([from, to]) => [`${from}@${MAIL_DOMAIN}`, to])),
    virtual_minimum_uid: '1',
    virtual_uid_maps: 'static:65534',
    virtual_gid_maps: 'static:65534',
    // Where nothing is known to be, mail stays.
    default_transport: 'error:outside mail is not sent',
    relay_transport: 'error:outside mail is not sent',
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('')
}

const SERVICES = [
  'pickup unix n - n 60 1 pickup',
  'cleanup unix n - n - 0 cleanup',
  'qmgr unix n - n 300 1 qmgr',
  'tlsmgr unix - - n 1000? 1 tlsmgr',
  'rewrite unix - - n - - trivial-rewrite',
  'bounce unix - - n - 0 bounce',
  'defer unix - - n - 0 bounce',
  'trace unix - - n - 0 bounce',
  'verify unix - - n - 1 verify',
  'flush unix n - n 1000? 0 flush',
  'proxymap unix - - n - - proxymap',
  'showq unix n - n - - showq',
  'error unix - - n - - error',
  'retry unix - - n - - error',
  'discard unix - - n - - discard',
  'virtual unix - n n - - virtual',
  'anvil unix - - n - 1 anvil',
  'scache unix - - n - 1 scache',
  'postlog unix-dgram n - n - 1 postlogd',
]

export function masterConfig({ port }: PostfixPlan): string {
  return `127.0.0.1:${port} inet n - n - - smtpd\n${SERVICES.join('\n')}\n`
}

export function saslConfig({ dir }: PostfixPlan): string {
  return `pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: ${dir}/sasl/users\n`
}
