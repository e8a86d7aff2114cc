/**
 * The configuration: read once from the environment into a frozen, typed object. Nothing that protects
 * has a default, production refuses what is only safe in development, and every fault is listed at once.
 * A fault names the variable and what to set, and never repeats the value that was given.
 */
import { z } from 'zod'
import { ConfigFault } from './errors.ts'

const ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const
export type SignatureAlgorithm = (typeof ALGORITHMS)[number]

const text = (what: string) => z.string({ error: `is not set: ${what}` }).min(1, `is empty: ${what}`)
const isOrigin = (value: string) => URL.canParse(value) && new URL(value).origin === value
const secret = (what: string) => text(what).min(32, 'is too short: use at least 32 characters')
const whole = (fallback: number, minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${minimum} to ${maximum}`)
    .transform(Number)
    .pipe(z.number().min(minimum, `must be at least ${minimum}`).max(maximum, `must be at most ${maximum}`))
    .default(fallback)
const flag = (fallback: 'on' | 'off') =>
  z
    .enum(['on', 'off'], { error: 'must be on or off' })
    .default(fallback)
    .transform((value) => value === 'on')
const list = z
  .string()
  .default('')
  .transform((value) => value.split(',').flatMap((item) => item.trim() || []))
const url = (protocol: RegExp, what: string) =>
  text(what).refine((value) => URL.canParse(value) && protocol.test(new URL(value).protocol), {
    error: `must be ${what}`,
  })

const Environment = z.object({
  SEALPAY_MODE: z
    .enum(['development', 'production'], { error: 'must be development or production' })
    .default('production'),
  SEALPAY_HOST: text('the address to listen on').default('127.0.0.1'),
  SEALPAY_PORT: whole(4000, 0, 65_535),
  SEALPAY_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], {
      error: 'must be fatal, error, warn, info, debug or silent',
    })
    .default('info'),
  SEALPAY_CORS_ORIGINS: list.refine((origins) => origins.every(isOrigin), {
    error: 'must be origins such as https://shop.example, separated by commas',
  }),
  SEALPAY_DRAIN_SECONDS: whole(10, 0, 300),
  SEALPAY_METRICS: flag('off'),

  DATABASE_URL: url(/^postgres(ql)?:$/, 'a postgresql:// URL of the database'),
  SEALPAY_DATABASE_POOL: whole(10, 1, 200),

  SEALPAY_KMS: z.enum(['local'], { error: 'must name the key service: local' }),
  SEALPAY_KMS_LOCAL_KEY_FILE: z.string().optional(),
  SEALPAY_KEY_LIFETIME_SECONDS: whole(3600, 1, 86_400),
  SEALPAY_KEY_IDLE_SECONDS: whole(900, 1, 86_400),
  SEALPAY_KEY_CACHE_SIZE: whole(1000, 1, 100_000),

  SEALPAY_AUTH_ISSUER: text('the `iss` of the tokens'),
  SEALPAY_AUTH_AUDIENCE: text('the `aud` of the tokens'),
  SEALPAY_AUTH_ALGORITHMS: text('the signature algorithms, some of ES256,RS256,PS256,EdDSA')
    .transform((value) => value.split(',').map((item) => item.trim()))
    .pipe(z.array(z.enum(ALGORITHMS, { error: 'must be some of ES256,RS256,PS256,EdDSA' })).min(1)),
  SEALPAY_AUTH_JWKS_URL: url(/^https?:$/, 'an https:// URL of the key set').optional(),
  SEALPAY_AUTH_JWKS_FILE: z.string().min(1).optional(),
  SEALPAY_AUTH_TOKEN_TYPES: text('the accepted `typ` of the tokens').default('JWT,at+jwt'),
  SEALPAY_AUTH_ROLES_CLAIM: text('where the roles are in a token').default('roles'),
  SEALPAY_AUTH_CUSTOMER_CLAIM: text('where the customer id is in a token').default('customer_id'),
  SEALPAY_AUTH_CLOCK_SKEW_SECONDS: whole(5, 0, 60),
  SEALPAY_AUTH_CACHE_SIZE: whole(10_000, 1, 1_000_000),

  SEALPAY_GATEWAY: z.enum(['sandbox'], { error: 'must name the payment gateway: sandbox' }),
  SEALPAY_GATEWAY_SANDBOX_URL: url(/^https?:$/, 'the http(s):// URL of the sandbox gateway').optional(),
  SEALPAY_GATEWAY_SANDBOX_SECRET: secret('the secret key of the sandbox gateway').optional(),
  SEALPAY_GATEWAY_TIMEOUT_MS: whole(10_000, 100, 120_000),
  SEALPAY_CURRENCY: text('the default currency, such as USD').regex(
    /^[A-Z]{3}$/,
    'must be three capitals, such as USD',
  ),
  SEALPAY_RECOVERY_SECONDS: whole(15, 1, 3600),

  SEALPAY_AUDIT_DEADLINE_MS: whole(5000, 50, 60_000),

  SEALPAY_LIMIT_BODY_BYTES: whole(102_400, 1024, 10_485_760),
  SEALPAY_LIMIT_TOKENS: whole(2000, 10, 100_000),
  SEALPAY_LIMIT_DEPTH: whole(12, 1, 100),
  SEALPAY_LIMIT_ALIASES: whole(20, 0, 1000),
  SEALPAY_LIMIT_DIRECTIVES: whole(20, 0, 1000),
  SEALPAY_LIMIT_COST: whole(20_000, 1, 10_000_000),
  SEALPAY_LIMIT_REQUEST_MS: whole(30_000, 100, 300_000),

  SEALPAY_INTROSPECTION: flag('off'),
  SEALPAY_PLAYGROUND: flag('off'),
  SEALPAY_PLAYGROUND_ROLES: list,
  SEALPAY_DEV_ISSUER_DIRECTORY: z.string().min(1).optional(),
})

type Environment = z.infer<typeof Environment>

/** The names of all variables; .env.example explains each. */
export const VARIABLES: readonly string[] = Object.keys(Environment.shape)

export type Config = Readonly<Environment>

type Raw = Readonly<Record<string, string | undefined>>

function incompletePairs(env: Raw): string[] {
  const faults: string[] = []
  if (env['SEALPAY_KMS'] === 'local' && !env['SEALPAY_KMS_LOCAL_KEY_FILE']) {
    faults.push('SEALPAY_KMS_LOCAL_KEY_FILE is not set: the path of the key file, mode 0600')
  }
  if (!env['SEALPAY_AUTH_JWKS_URL'] === !env['SEALPAY_AUTH_JWKS_FILE']) {
    faults.push('SEALPAY_AUTH_JWKS_URL or SEALPAY_AUTH_JWKS_FILE: set one of the two')
  }
  if (env['SEALPAY_GATEWAY'] === 'sandbox') {
    if (!env['SEALPAY_GATEWAY_SANDBOX_URL']) {
      faults.push('SEALPAY_GATEWAY_SANDBOX_URL is not set: the URL of the sandbox gateway')
    }
    if (!env['SEALPAY_GATEWAY_SANDBOX_SECRET']) {
      faults.push('SEALPAY_GATEWAY_SANDBOX_SECRET is not set: the secret key of the sandbox gateway')
    }
  }
  return faults
}

/** What is safe on a laptop and nowhere else (design §8: production refuses every development default). */
function developmentOnly(env: Raw): string[] {
  const faults: string[] = []
  if (env['SEALPAY_KMS'] === 'local') {
    faults.push('SEALPAY_KMS is local: a key file beside the data protects nothing in production')
  }
  if (env['SEALPAY_GATEWAY'] === 'sandbox') {
    faults.push('SEALPAY_GATEWAY is sandbox: it moves no money')
  }
  if (env['SEALPAY_DEV_ISSUER_DIRECTORY'] !== undefined) {
    faults.push('SEALPAY_DEV_ISSUER_DIRECTORY is set: development tokens are for development')
  }
  if (env['SEALPAY_AUTH_ISSUER'] === 'urn:sealpay:development') {
    faults.push('SEALPAY_AUTH_ISSUER is the development issuer: its tokens are for development')
  }
  if (env['SEALPAY_PLAYGROUND'] === 'on' && !env['SEALPAY_PLAYGROUND_ROLES']) {
    faults.push('SEALPAY_PLAYGROUND_ROLES is not set: the roles that may use the Playground in production')
  }
  if (env['SEALPAY_AUTH_JWKS_URL']?.startsWith('http:')) {
    faults.push('SEALPAY_AUTH_JWKS_URL must be https:// in production')
  }
  return faults
}

const LOOPBACK = ['127.0.0.1', 'localhost', '::1']

function unsafeInDevelopment(env: Raw): string[] {
  if (env['SEALPAY_HOST'] === undefined || LOOPBACK.includes(env['SEALPAY_HOST'])) return []
  return ['SEALPAY_HOST must be a loopback address in development, since nothing is encrypted on the way']
}

/** A variable of ours that nothing reads is a misspelt one, and what it meant to set is not set. */
function unknownNames(env: Raw): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('SEALPAY_') && !Object.hasOwn(Environment.shape, name))
    .map((name) => `${name} is not a variable of Sealpay: see .env.example`)
}

/**
 * Reads the configuration.
 *
 * @param env the process's environment, or a test's
 * @throws {ConfigFault} with every fault, by the variable's name
 */
export function loadConfig(env: Raw): Config {
  const parsed = Environment.safeParse(env)
  const faults = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`)
  const byMode = env['SEALPAY_MODE'] === 'development' ? unsafeInDevelopment : developmentOnly
  faults.push(...incompletePairs(env), ...byMode(env), ...unknownNames(env))
  if (!parsed.success || faults.length > 0) throw new ConfigFault(faults)
  return Object.freeze(parsed.data)
}
