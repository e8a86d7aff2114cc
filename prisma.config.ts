import { defineConfig } from 'prisma/config'

/** `prisma generate` needs no database; `prisma migrate` takes it from here. */
const url = process.env['DATABASE_URL']

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(url !== undefined && { datasource: { url } }),
})
