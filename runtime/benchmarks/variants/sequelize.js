import { DataTypes, Sequelize } from 'sequelize';

/** @type {import('../variant.js').Variant} */
export default {
  title: 'Sequelize',
  packages: ['sequelize', 'pg'],
  asked: '`sequelize.transaction(…)` with `findByPk({ lock: true })` and `account.update(…)`',
  async open({ url, connections }) {
    const sequelize = new Sequelize(url, { logging: false, pool: { max: connections } });
    const Account = sequelize.define(
      'account',
      {
        id: { type: DataTypes.TEXT, primaryKey: true },
        owner: DataTypes.TEXT,
        balance: DataTypes.INTEGER,
      },
      { tableName: 'account', timestamps: false },
    );
    return {
      increment: (id) =>
        sequelize.transaction(async (transaction) => {
          const account = await Account.findByPk(id, { lock: true, transaction });
          await account.update({ balance: account.balance + 1 }, { transaction });
        }),
      close: () => sequelize.close(),
    };
  },
};
