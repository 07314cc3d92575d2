/**
 * One way to add one to an account's balance under a lock; the default export of a file of `variants/`.
 *
 * @typedef {object} Variant
 * @property {string} title - its row in the table, as Markdown
 * @property {readonly string[]} packages - those whose versions the page states
 * @property {string} asked - what it is asked to do, as Markdown
 * @property {(options: { url: string, connections: number }) => Promise<OpenVariant>} open
 */

/**
 * A variant that is connected.
 *
 * @typedef {object} OpenVariant
 * @property {(id: string) => Promise<unknown>} increment - locks the row, reads its balance, writes the balance plus one;
 *   resolves when that is committed
 * @property {() => Promise<unknown>} close
 */

/**
 * @param {string} name - of a file of `variants/`
 * @returns {Promise<Variant>}
 */
export async function loadVariant(name) {
  return (await import(`./variants/${name}.js`)).default;
}
