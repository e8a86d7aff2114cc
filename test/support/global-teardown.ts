/** Stops the server of the run and deletes its files. */
export default async function tearDown(): Promise<void> {
  await globalThis.testServer?.stop()
}
