/**
 * Our own ROS 1 client: XML-RPC to the master and to other nodes, messages and services over TCP
 * (wiki.ros.org/ROS/TCPROS, wiki.ros.org/ROS/Master_API, wiki.ros.org/ROS/Slave_API). Start at
 * {@link dev.parallax.nodes.ros.tcpros.TcpRosNode}.
 */
package dev.parallax.nodes.ros.tcpros;
