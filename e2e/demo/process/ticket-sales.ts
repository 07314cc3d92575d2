/** A service that sells the tickets of one event. */
export interface TicketSales {
  /** How many are sold, as the database says now. */
  sold(): Promise<number>;
  /**
   * Sells one: reads the event, thinks, and writes it.
   *
   * @param thinkMs - how long it thinks, in milliseconds, as a service does that asks another one
   * @returns how many are sold then
   */
  sell(thinkMs: number): Promise<number>;
  close(): Promise<void>;
}
