/** Carries signals to every process that listens: what a store sends and hears goes through one. */
export interface SignalTransport {
  /** For messages, such as `redis`. */
  readonly name: string;
  readonly limits: SignalLimits;

  /**
   * Sends topics in their order, behind those of the calls before it; one that occurs twice is delivered twice. Resolves when
   * they are on their way.
   *
   * @throws ConnectionLostError with `outcome: 'rolled back'` when none of them was sent: they are sent again then. After every
   *   other error they may have been, and are not
   */
  publish(topics: readonly string[]): Promise<void>;

  /**
   * Starts to deliver every topic that any process publishes, this one included; called at most once.
   * Resolves when it has heard itself: from now on none is missed. Rejects when it is closed before that, or as it is set up
   * hears nothing; it goes on trying, and reports a gap when it does.
   */
  listen(listener: TopicListener): Promise<void>;

  /** Lets go of everything that keeps the process alive. Called once, when nothing is sent any more. */
  close(): Promise<void>;
}

export interface SignalLimits {
  /** The longest topic, in bytes of UTF-8. */
  readonly topicBytes: number;
  /** The most topics of one `publish`. */
  readonly topicsAtOnce: number;
  /** How many calls of `publish` may be under way. */
  readonly callsAtOnce: number;
}

/** What a transport reports. */
export interface TopicListener {
  /** A topic arrived. */
  topic(topic: string): void;
  /** Topics may have been missed: the connection was lost and is back. */
  gap(): void;
  /** Something went wrong that no caller waits for, such as why it cannot listen. */
  error(error: Error): void;
}
